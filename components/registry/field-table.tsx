import type { Fields } from "../../core/field.ts";

/** The inputs or outputs of a contract as a table. */
export function FieldTable({ fields, label }: { fields: Fields; label: string }) {
  const rows = Object.entries(fields);
  if (rows.length === 0) return <p className="text-ink-muted">None.</p>;
  const hasDefaults = rows.some(([, field]) => field.default !== undefined);
  return (
    <div className="overflow-x-auto rounded-lg border">
      <table aria-label={label} className="w-full text-left">
        <thead className="bg-sunken text-sm text-ink-muted">
          <tr>
            <th scope="col" className="w-1/4 px-3 py-1.5 font-normal">
              Name
            </th>
            <th scope="col" className="w-32 px-3 py-1.5 font-normal">
              Type
            </th>
            {hasDefaults ? (
              <th scope="col" className="w-48 px-3 py-1.5 font-normal">
                Default
              </th>
            ) : null}
            <th scope="col" className="px-3 py-1.5 font-normal">
              Description
            </th>
          </tr>
        </thead>
        <tbody className="divide-y">
          {rows.map(([name, field]) => (
            <tr key={name} className="align-top">
              <th scope="row" className="mono px-3 py-1.5 font-medium whitespace-nowrap">
                {name}
                {field.required ? (
                  <span className="ml-2 font-sans text-xs font-normal text-ink-muted">
                    required
                  </span>
                ) : null}
              </th>
              <td className="mono px-3 py-1.5">{typeWords(field)}</td>
              {hasDefaults ? (
                <td className="mono max-w-48 truncate px-3 py-1.5">
                  {field.default === undefined ? "" : JSON.stringify(field.default)}
                </td>
              ) : null}
              <td className="min-w-48 px-3 py-1.5 text-ink-soft">{field.description}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function typeWords(field: Fields[string]): string {
  if (field.type !== undefined) return field.type;
  const declared = field.schema?.["type"];
  return typeof declared === "string" ? declared : "any";
}
