/** Set by our own HTTP server on every request; what a client sends under this name never arrives. */
export const ADDRESS_HEADER = "x-orca-client-address";
