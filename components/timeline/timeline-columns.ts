/** The columns of the timeline's head and rows: the name, the time axis, how long it took. */
export const TIMELINE_COLUMNS = "grid grid-cols-[minmax(120px,240px)_1fr_72px]";
