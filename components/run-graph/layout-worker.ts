/**
 * The layout engine in a thread of its own: a thousand steps take it a second, during which the page stays awake.
 * The engine installs its own message handler when it finds itself in a worker.
 */
import "elkjs/lib/elk-worker.min.js";
