import type { CaptionPreset, CaptionPresets, CaptionStyle, SafeArea, Title } from "@/gen";

export type Look = Omit<CaptionPreset, "title" | "size_of_width">;

const WIDTH_FACTOR = 1.6; // the em is at most this share of the width, so that words fit an upright frame
export const CAPTION_SIZE = 0.05;

/** The em as CSS, in a frame that is a size container. */
export const emOf = (size: number): string => `min(${100 * size}cqh, ${100 * WIDTH_FACTOR * size}cqw)`;

export const STANDARD: Look = {
  name: "standard",
  size: CAPTION_SIZE,
  weight: 600,
  place: "bottom",
  background: "box",
  colour: "#ffffff",
  background_colour: "#000000",
  background_opacity: 0.75,
  padding: 0.22,
  radius: 0.16,
  outline_colour: "#000000",
  outline: 0.07,
  highlight: "",
  highlight_kind: "text",
  uppercase: false,
  max_lines: 2,
  line_height: 1.32,
};

/** The look of a title: words on a plate. */
export const titleLook = ({
  size = 0.06,
  place = "lower_third",
  colour = "#ffffff",
  background = "#000000",
}: Title): Look => ({
  ...STANDARD,
  size,
  place: place === "lower_third" ? "bottom" : place,
  colour,
  background: background ? "box" : "outline",
  background_colour: background ?? "#000000",
  padding: 0.4,
  radius: 0.12,
  background_opacity: 0.8,
});

const LANDSCAPE: SafeArea = { name: "landscape", below_ratio: 100, left: 0.05, right: 0.05, top: 0.05, bottom: 0.05 };

/** The margins of a frame. */
export const safeArea = (areas: readonly SafeArea[], width: number, height: number): SafeArea =>
  areas.find(({ below_ratio }) => width / height < below_ratio) ?? LANDSCAPE;

/** The look that a style means: its preset with what it says otherwise. */
export function lookOf(presets: CaptionPresets["items"], style: CaptionStyle | undefined): Look {
  const found = presets.find(({ name }) => name === (style?.preset ?? "standard")) ?? STANDARD;
  return {
    ...found,
    size: style?.size ?? found.size,
    place: style?.place ?? found.place,
    background: style?.background ?? found.background,
    colour: style?.colour ?? found.colour,
    highlight: style?.highlight ?? found.highlight,
  };
}

/** A colour as it is seen through. */
export const seenThrough = (colour: string, opacity: number): string =>
  `color-mix(in srgb, ${colour} ${100 * opacity}%, transparent)`;
