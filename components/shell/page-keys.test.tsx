import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { PageKeysProvider, usePageKeyList, usePageKeys } from "./page-keys.tsx";

afterEach(cleanup);

function Page({ onNext }: { onNext: () => void }) {
  usePageKeys([{ key: "j", label: "Next run", run: onNext }]);
  return (
    <>
      <input aria-label="Search" />
      <p>{usePageKeyList().map(({ label }) => label)}</p>
    </>
  );
}

test("a key of the page acts, except while someone types or holds a modifier, and the sheet lists it", () => {
  const onNext = vi.fn<() => void>();
  render(
    <PageKeysProvider>
      <Page onNext={onNext} />
    </PageKeysProvider>,
  );
  expect(screen.getByText("Next run")).toBeDefined();
  fireEvent.keyDown(screen.getByLabelText("Search"), { key: "j" });
  fireEvent.keyDown(document.body, { key: "j", ctrlKey: true });
  expect(onNext).not.toHaveBeenCalled();
  fireEvent.keyDown(document.body, { key: "J" });
  expect(onNext).toHaveBeenCalledOnce();
});

test("keys go with the page that brought them", () => {
  const onNext = vi.fn<() => void>();
  const { rerender } = render(
    <PageKeysProvider>
      <Page onNext={onNext} />
    </PageKeysProvider>,
  );
  rerender(
    <PageKeysProvider>
      <p>elsewhere</p>
    </PageKeysProvider>,
  );
  fireEvent.keyDown(document.body, { key: "j" });
  expect(onNext).not.toHaveBeenCalled();
});
