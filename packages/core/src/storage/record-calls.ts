// What a record store loads when it needs it. A warm start with a record of this release needs none of it.

export { openRecord } from './open-record.js'
export { writeRecord } from './write-record.js'
