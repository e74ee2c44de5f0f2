/** Name of the channel on which the callback page sends its address to the worker. */
export const CALLBACK_CHANNEL = 'callback of the worker'
