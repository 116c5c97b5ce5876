/** @type {import("next").NextConfig} */
export default {
  // Stays outside of the pages' bundle: it is CommonJS that Node loads as it is.
  serverExternalPackages: ["next-auth"],
  // npm test checks the types of everything, tests included; a build that checks them again doubles the first start.
  typescript: { ignoreBuildErrors: true },
  reactStrictMode: true,
  poweredByHeader: false,
};
