/** Version of the record format. A record of a newer version was written by a newer release in another tab and is not touched. */
export const RECORD_VERSION = 1
