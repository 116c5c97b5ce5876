"use client";

import { useQuery } from "@tanstack/react-query";
import { LogIn } from "lucide-react";
import { getProviders, signIn } from "next-auth/react";
import { useSearchParams } from "next/navigation";
import { useId, useState, type FormEvent } from "react";
import { OrcaMark } from "../shell/orca-mark.tsx";
import { Button } from "../ui/button.tsx";
import { Problem } from "../ui/problem.tsx";
import { TextField } from "../ui/text-field.tsx";
import { useIsHydrated } from "../ui/use-is-hydrated.ts";
import { safeDestination, signInProblem } from "./sign-in-problem.ts";

/** The door: e-mail and password, or the organisation's own sign-in where it is configured. */
export function SignInPage() {
  const params = useSearchParams();
  const destination = safeDestination(params.get("next"));
  const isHydrated = useIsHydrated();
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState(params.get("error"));
  const providers = useQuery({
    queryKey: ["sign-in providers"],
    queryFn: getProviders,
    staleTime: Infinity,
  });
  const others = Object.values(providers.data ?? {}).filter(
    (provider) => provider.id !== "credentials",
  );
  const emailId = useId();
  const passwordId = useId();

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setIsBusy(true);
    setProblem(null);
    try {
      const answer = await signIn("credentials", {
        email: fields.get("email"),
        password: fields.get("password"),
        redirect: false,
      });
      if (answer?.ok === true && (answer.error === null || answer.error === undefined)) {
        location.assign(destination);
        return;
      }
      setProblem(answer?.error ?? "unauthorized");
    } catch {
      setProblem("unavailable");
    }
    setIsBusy(false);
  };

  return (
    <main className="flex min-h-dvh flex-col items-center bg-page px-4 pt-[16vh] pb-8">
      <div className="w-full max-w-80">
        <h1 className="mb-6 flex items-center gap-2 text-xl font-semibold">
          <OrcaMark /> Sign in to Orca
        </h1>
        <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
          <label htmlFor={emailId} className="flex flex-col gap-1">
            <span className="font-medium">E-mail</span>
            <TextField
              id={emailId}
              type="email"
              name="email"
              autoComplete="username"
              required
              autoFocus
            />
          </label>
          <label htmlFor={passwordId} className="flex flex-col gap-1">
            <span className="font-medium">Password</span>
            <TextField
              id={passwordId}
              type="password"
              name="password"
              autoComplete="current-password"
              required
            />
          </label>
          {problem === null ? null : (
            <div role="alert">
              <Problem error={signInProblem(problem)} />
            </div>
          )}
          {/* Disabled until the page is alive: the browser's own submit would put the password into the address. */}
          <Button
            type="submit"
            look="primary"
            disabled={!isHydrated}
            blockedBecause={isBusy ? "Signing in" : null}
          >
            <LogIn aria-hidden /> {isBusy ? "Signing in…" : "Sign in"}
          </Button>
        </form>
        {others.map((provider) => (
          <Button
            key={provider.id}
            className="mt-3 w-full"
            onClick={() => void signIn(provider.id, { callbackUrl: destination })}
          >
            Continue with {provider.name}
          </Button>
        ))}
      </div>
    </main>
  );
}
