import { ListFilter } from "lucide-react";
import { Button } from "../ui/button.tsx";
import { FilterChip } from "../ui/filter-chip.tsx";
import { Menu, MenuChoice } from "../ui/menu.tsx";
import { STATUS_STYLE, TONE_STYLE, type AnyStatus } from "./status-style.ts";

type StatusFilterProps<Status extends AnyStatus> = {
  /** All that may be chosen, in the order in which they are kept. */
  statuses: readonly Status[];
  chosen: readonly Status[];
  onChange: (chosen: Status[]) => void;
};

/** A menu in which several statuses may be chosen, one after the other. */
export function StatusMenu<Status extends AnyStatus>({
  statuses,
  chosen,
  onChange,
}: StatusFilterProps<Status>) {
  return (
    <Menu
      trigger={
        <Button>
          <ListFilter aria-hidden /> Status
        </Button>
      }
    >
      {statuses.map((status) => {
        const { icon: Icon, label, tone } = STATUS_STYLE[status];
        const isChosen = chosen.includes(status);
        return (
          <MenuChoice
            key={status}
            stays
            isChosen={isChosen}
            onSelect={() =>
              onChange(
                statuses.filter((each) => (each === status ? !isChosen : chosen.includes(each))),
              )
            }
          >
            <Icon aria-hidden className={TONE_STYLE[tone].text} /> {label}
          </MenuChoice>
        );
      })}
    </Menu>
  );
}

/** One chip per status that is chosen. */
export function StatusChips<Status extends AnyStatus>({
  chosen,
  onChange,
}: Omit<StatusFilterProps<Status>, "statuses">) {
  return chosen.map((status) => (
    <FilterChip
      key={status}
      name="Status"
      value={STATUS_STYLE[status].label}
      onRemove={() => onChange(chosen.filter((other) => other !== status))}
    />
  ));
}
