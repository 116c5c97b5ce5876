"use client";

import { useCallback, useState } from "react";
import type { Size } from "./initial-viewport.ts";

/** The size at which an element first stood on the page; null before. */
export function useElementSize(): [(element: HTMLElement | null) => void, Size | null] {
  const [size, setSize] = useState<Size | null>(null);
  const measure = useCallback((element: HTMLElement | null) => {
    if (element !== null) setSize({ width: element.clientWidth, height: element.clientHeight });
  }, []);
  return [measure, size];
}
