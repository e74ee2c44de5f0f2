import { isRecord } from '../platform/is-record.js'

/** @returns the JSON object in a text; undefined for other text */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}
