import {
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from "@mantine/core";

const ember: MantineColorsTuple = [
  "#fff3ec",
  "#ffe3d3",
  "#fcc5a8",
  "#f9a57a",
  "#f58f5a",
  "#f07a3e",
  "#dd6428",
  "#bd4f18",
  "#9a4013",
  "#762f0c",
];
const gray: MantineColorsTuple = [
  "#f6f7f9",
  "#eef0f3",
  "#e2e5ea",
  "#d2d7de",
  "#b6bdc8",
  "#8f98a5",
  "#5a6470",
  "#434b56",
  "#2b3139",
  "#171b20",
];
const dark: MantineColorsTuple = [
  "#dde2e8",
  "#c2c8d0",
  "#98a1ad",
  "#6e7885",
  "#363d47",
  "#2a3038",
  "#1e2329",
  "#14171b",
  "#101316",
  "#0b0d10",
];

/** Text on the accent: dark on the bright shade of the dark scheme, white on the deep one of the light scheme. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input);
  const accent = input.variant === "filled" && (input.color ?? input.theme.primaryColor) === "ember";
  return accent ? { ...colors, color: "var(--on-accent)" } : colors;
};

export const theme = createTheme({
  primaryColor: "ember",
  primaryShade: { light: 7, dark: 5 },
  colors: { ember, gray, dark },
  autoContrast: true,
  variantColorResolver,
  black: "#171b20",
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace',
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "20px" },
  lineHeights: { md: "1.45" },
  spacing: { xs: "8px", sm: "12px", md: "16px", lg: "24px", xl: "32px" },
  radius: { xs: "4px", sm: "6px", md: "6px", lg: "8px", xl: "12px" },
  defaultRadius: "sm",
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "20px", lineHeight: "1.3" },
      h2: { fontSize: "16px", lineHeight: "1.4" },
      h3: { fontSize: "14px", lineHeight: "1.4" },
    },
  },
  respectReducedMotion: true,
  cursorType: "pointer",
  components: {
    Button: { defaultProps: { size: "sm" }, styles: { root: { fontWeight: 500 } } },
    Modal: {
      defaultProps: {
        centered: true,
        overlayProps: { backgroundOpacity: 0.6 },
        transitionProps: { duration: 140, transition: "fade" },
        closeButtonProps: { "aria-label": "Close" },
      },
      styles: { title: { fontWeight: 600, fontSize: 16 } },
    },
    PasswordInput: { defaultProps: { visibilityToggleButtonProps: { "aria-label": "Show password" } } },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: false, transitionProps: { duration: 120 } } },
    Menu: { defaultProps: { transitionProps: { duration: 120 }, shadow: "md", withInitialFocusPlaceholder: false } },
    ActionIcon: { defaultProps: { variant: "subtle", color: "gray" } },
    Select: { defaultProps: { allowDeselect: false, checkIconPosition: "right" } },
    Tabs: { defaultProps: { keepMounted: false } },
    Table: { defaultProps: { verticalSpacing: 10 } },
  },
});
