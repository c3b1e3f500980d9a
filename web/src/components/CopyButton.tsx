import { ActionIcon, Tooltip } from "@mantine/core";
import { useEffect, useState } from "react";
import { copyText } from "@/lib/clipboard";
import { CheckIcon, CopyIcon } from "./icons";

/** A button that copies *value* and confirms it briefly. */
export function CopyButton({ value, label, size = "sm" }: { value: string; label: string; size?: "xs" | "sm" | "md" }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1600);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <Tooltip label={copied ? "Copied" : label}>
      <ActionIcon
        data-small
        size={size === "xs" ? 22 : size}
        aria-label={copied ? "Copied" : label}
        onClick={async () => setCopied(await copyText(value))}
      >
        {copied ? <CheckIcon size={14} /> : <CopyIcon size={14} />}
      </ActionIcon>
    </Tooltip>
  );
}
