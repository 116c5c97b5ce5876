import type { Dispatcher } from "undici";

/** The dispatcher, calling back when a request is about to be written: before that nothing can have been sent, after it anything can. */
export function noteRequestStart(dispatcher: Dispatcher, onStart: () => void): Dispatcher {
  return dispatcher.compose((dispatch) => (options, handler) => {
    const onRequestStart = handler.onRequestStart?.bind(handler);
    handler.onRequestStart = (controller, context) => {
      onStart();
      onRequestStart?.(controller, context);
    };
    return dispatch(options, handler);
  });
}
