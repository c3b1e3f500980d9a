/** The icons of the account menu, loaded with it. */
import { icon } from "./icons";

export const SunIcon = icon(
  "SunIcon",
  <>
    <circle cx="10" cy="10" r="3.2" />
    <path d="M10 2.5v1.7M10 15.8v1.7M2.5 10h1.7M15.8 10h1.7M4.7 4.7l1.2 1.2M14.1 14.1l1.2 1.2M4.7 15.3l1.2-1.2M14.1 5.9l1.2-1.2" />
  </>,
);
export const MoonIcon = icon("MoonIcon", <path d="M16.5 11.6A6.8 6.8 0 0 1 8.4 3.5a6.8 6.8 0 1 0 8.1 8.1z" />);
export const SystemSchemeIcon = icon(
  "SystemSchemeIcon",
  <>
    <circle cx="10" cy="10" r="7" />
    <path d="M10 3a7 7 0 0 1 0 14z" fill="currentColor" />
  </>,
);
export const BellIcon = icon(
  "BellIcon",
  <>
    <path d="M4.5 14.2h11c-1.2-1.2-1.6-2.4-1.6-5.2a3.9 3.9 0 0 0-7.8 0c0 2.8-.4 4-1.6 5.2z" />
    <path d="M8.4 16.6a1.8 1.8 0 0 0 3.2 0" />
  </>,
);
export const CoinIcon = icon(
  "CoinIcon",
  <>
    <circle cx="10" cy="10" r="7" />
    <path d="M12.4 7.6c-.5-.7-1.3-1.1-2.4-1.1-1.4 0-2.4.7-2.4 1.7 0 2.5 4.9 1 4.9 3.5 0 1-1 1.8-2.5 1.8-1.2 0-2.1-.5-2.6-1.2M10 5v1.5M10 13.5V15" />
  </>,
);
export const SignOutIcon = icon(
  "SignOutIcon",
  <>
    <path d="M8 3.5H5A1.5 1.5 0 0 0 3.5 5v10A1.5 1.5 0 0 0 5 16.5h3" />
    <path d="M8.5 10H17M13.5 6.3 17 10l-3.5 3.7" />
  </>,
);
export const KeyboardIcon = icon(
  "KeyboardIcon",
  <>
    <rect x="2" y="5" width="16" height="10.5" rx="1.6" />
    <path d="M5 8.3h.1M8.3 8.3h.1M11.7 8.3h.1M15 8.3h.1M6.5 12.3h7" />
  </>,
);
