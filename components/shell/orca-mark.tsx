/** The product's sign: a dorsal fin above the water line. */
export function OrcaMark() {
  return (
    <svg viewBox="0 0 24 24" aria-hidden className="size-5 shrink-0">
      <path d="M9.5 17C10 11 12.2 6 17.5 3.2 16.4 7.6 17 12.6 19.6 17Z" fill="currentColor" />
      <path d="M2.5 20.5h19" stroke="var(--accent)" strokeWidth="2" strokeLinecap="round" />
    </svg>
  );
}
