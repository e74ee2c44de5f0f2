import { keepInMemory } from './keep-in-memory.js'
import { openRecord } from './open-record.js'
import type { RareRecordCalls, RecordCalls } from './record-store.js'
import { writeRecord } from './write-record.js'

/** For record stores that load nothing lazily. */
export const recordCalls: RecordCalls & RareRecordCalls = { keepInMemory, openRecord, writeRecord }
