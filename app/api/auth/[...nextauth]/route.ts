import NextAuth from "next-auth";
import type { NextRequest } from "next/server";
import { nextAuthOptions } from "../../../../server/auth/next-auth-options.ts";

type RouteContext = { params: Promise<{ nextauth: string[] }> };

const handler = (request: NextRequest, context: RouteContext) =>
  NextAuth(request, context, nextAuthOptions());

export { handler as GET, handler as POST };
