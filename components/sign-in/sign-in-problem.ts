/** Why a sign-in did not succeed, by the code that comes back; unknown codes read as a wrong password would. */
export function signInProblem(code: string): { message: string; hint: string; code: string } {
  switch (code) {
    case "rate_limited":
      return {
        code,
        message: "There were too many attempts.",
        hint: "Wait a minute and try again.",
      };
    case "unavailable":
    case "internal_error":
      return {
        code,
        message: "The server could not check the password.",
        hint: "It may be restarting. Try again in a moment.",
      };
    case "AccessDenied":
      return {
        code: "forbidden",
        message: "This account is not known here.",
        hint: "Ask an administrator to add its e-mail address.",
      };
    default:
      return {
        code: "unauthorized",
        message: "E-mail or password is not right.",
        hint: "The server printed the administrator's e-mail and password when it started for the first time.",
      };
  }
}

/** Where to go after signing in: a path of this site, never another one. */
export function safeDestination(next: string | null): string {
  return next !== null && /^\/(?![/\\])/.test(next) ? next : "/";
}
