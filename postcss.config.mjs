/** Tailwind is the only style tool: tokens and base rules stand in app/globals.css. */
export default { plugins: { "@tailwindcss/postcss": {} } };
