import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SearchField } from "./search-field.tsx";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

/** A caller whose value follows late, as the URL does. */
function SlowPage({ onSearch }: { onSearch: (text: string) => void }) {
  const [value, setValue] = useState("");
  return (
    <>
      <SearchField
        label="Search"
        placeholder=""
        value={value}
        onSearch={(text) => {
          onSearch(text);
          setTimeout(() => setValue(text), 500);
        }}
      />
      <button type="button" onClick={() => setValue("")}>
        Clear
      </button>
    </>
  );
}

const field = () => screen.getByRole<HTMLInputElement>("searchbox");
const type = (text: string) => fireEvent.change(field(), { target: { value: text } });

test("no letter is lost while the caller's value lags behind", () => {
  const onSearch = vi.fn<(text: string) => void>();
  render(<SlowPage onSearch={onSearch} />);
  type("ha");
  act(() => void vi.advanceTimersByTime(300));
  type("harb");
  expect(field().value).toBe("harb");
  act(() => void vi.advanceTimersByTime(2_000));
  expect(field().value).toBe("harb");
  expect(onSearch).toHaveBeenLastCalledWith("harb");
});

test("a value that is changed from outside takes the place of what was typed", () => {
  render(<SlowPage onSearch={() => {}} />);
  type("harbour");
  act(() => void vi.advanceTimersByTime(1_000));
  fireEvent.click(screen.getByRole("button", { name: "Clear" }));
  expect(field().value).toBe("");
});

test("leaving the field searches at once, and not a second time when the pause is over", () => {
  const onSearch = vi.fn<(text: string) => void>();
  render(<SlowPage onSearch={onSearch} />);
  type("fish");
  fireEvent.blur(field());
  expect(onSearch).toHaveBeenCalledExactlyOnceWith("fish");
  act(() => void vi.advanceTimersByTime(2_000));
  expect(onSearch).toHaveBeenCalledOnce();
});
