"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { Play } from "lucide-react";
import { useRouter } from "next/navigation";
import { useId, useRef, type FormEvent } from "react";
import type { JsonObject } from "../../core/json.ts";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC, type ApiOutputs } from "../api/trpc.ts";
import { chooseEnvironment } from "../shell/current-environment.ts";
import { useEnvironment } from "../shell/use-environment.ts";
import { Button } from "../ui/button.tsx";
import { Problem } from "../ui/problem.tsx";
import { SelectField } from "../ui/select-field.tsx";
import { InputEditor } from "./input-editor.tsx";
import { problemsByInput } from "./server-problems.ts";
import { useStartForm } from "./use-start-form.ts";

type StartRunFormProps = {
  skill: ApiOutputs["skills"]["get"];
  /** What the editors hold at first, by input. */
  initial: JsonObject;
};

/** One editor per input, examples that fill them, an environment, and the start. */
export function StartRunForm({ skill, initial }: StartRunFormProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const form = useStartForm(skill.inputs, initial);
  const element = useRef<HTMLFormElement>(null);
  const { environments, environment } = useEnvironment();
  const environmentId = useId();
  const me = useQuery(trpc.me.get.queryOptions());
  const isAllowed = me.data?.permissions.includes("run:start") ?? true;
  const start = useMutation(
    trpc.runs.start.mutationOptions({ onSuccess: ({ run }) => router.push(`/runs/${run.run_id}`) }),
  );
  const error = start.error === null ? null : toErrorView(start.error);
  const names = Object.keys(skill.inputs);
  const refused = problemsByInput(error, names);
  const isAtFields = names.some((name) => refused[name] !== undefined) && refused[""] === undefined;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const inputs = form.read();
    if (inputs === null) {
      requestAnimationFrame(() =>
        element.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus(),
      );
      return;
    }
    start.mutate({
      skill: skill.id,
      version: skill.version,
      inputs,
      ...(environment === null ? {} : { environment }),
    });
  };

  return (
    <form
      ref={element}
      onSubmit={submit}
      noValidate
      className="flex max-w-2xl flex-col gap-5 p-4 lg:p-6"
    >
      <p className="text-ink-soft">{skill.description}</p>
      {skill.examples.length === 0 ? null : (
        <div role="group" aria-label="Examples" className="flex flex-wrap items-center gap-2">
          <span className="text-ink-muted">Fill in an example:</span>
          {skill.examples.map((example, index) => (
            <Button
              key={example.description === "" ? JSON.stringify(example.input) : example.description}
              size="small"
              onClick={() => form.fill(example.input)}
              className="max-w-72"
            >
              <span className="truncate">
                {example.description === "" ? `Example ${index + 1}` : example.description}
              </span>
            </Button>
          ))}
        </div>
      )}
      {names.length === 0 ? <p className="text-ink-muted">This skill takes no input.</p> : null}
      {Object.entries(skill.inputs).map(([name, field]) => (
        <InputEditor
          key={name}
          name={name}
          field={field}
          text={form.texts[name] ?? ""}
          problem={form.problems[name] ?? refused[name] ?? null}
          onChange={(text) => {
            form.change(name, text);
            start.reset();
          }}
        />
      ))}
      <div className="flex flex-col gap-1">
        <label htmlFor={environmentId} className="font-medium">
          Environment
        </label>
        <SelectField
          id={environmentId}
          value={environment ?? ""}
          className="max-w-60"
          onChange={(event) => chooseEnvironment(event.target.value)}
        >
          {environments.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </SelectField>
      </div>
      {error === null || isAtFields ? null : (
        <Problem error={{ ...error, message: refused[""] ?? error.message }} />
      )}
      <div>
        <Button
          type="submit"
          look="primary"
          blockedBecause={
            start.isPending || start.isSuccess
              ? "The run is being started"
              : isAllowed
                ? null
                : `Your role ${me.data?.role ?? ""} does not include run:start`
          }
        >
          <Play aria-hidden /> {start.isPending || start.isSuccess ? "Starting…" : "Start run"}
        </Button>
      </div>
    </form>
  );
}
