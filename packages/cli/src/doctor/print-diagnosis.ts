import type { Diagnosis, Finding, Severity } from '@latchkey/core/doctor'
import { findingUrl } from '@latchkey/core/internals'
import type { Output } from '../output.js'

const SYMBOLS: Readonly<Record<Severity, string>> = { error: '✖', warning: '▲', note: 'ℹ' }
const WIDTH = 100
const LABEL_WIDTH = 10

/** Prints a diagnosis for a reader: what is wrong first, then what was checked. */
export function printDiagnosis(issuer: string, { findings, passed, skipped }: Diagnosis, output: Output): void {
  const print = (line: string): void => output.print(line)
  print(`latchkey doctor ${issuer}`)
  for (const finding of findings) printFinding(finding, print)
  print('')
  for (const check of passed) print(`✔ ${check}`)
  for (const { check, reason } of skipped) print(`- ${check}: not checked, ${reason}`)
  print('')
  const count = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length
  const [errors, warnings, notes] = [count('error'), count('warning'), count('note')]
  print(`${numbered(errors, 'error')}, ${numbered(warnings, 'warning')}, ${numbered(notes, 'note')}.`)
}

function printFinding(finding: Finding, print: Output['print']): void {
  const { code, severity, title, seen, expected, change, settings } = finding
  print('')
  print(`${SYMBOLS[severity]} ${title} (${severity}: ${code})`)
  const rows: readonly (readonly [string, string])[] = [
    ['seen', seen],
    ['expected', expected],
    ['change', change],
    ...settings.map(({ provider, setting }) => ['', `${provider}: ${setting}`] as const),
    ['see', findingUrl(code)],
  ]
  for (const [label, text] of rows) {
    const [first = '', ...rest] = wrapped(text)
    print(`  ${label.padEnd(LABEL_WIDTH)}${first}`)
    for (const line of rest) print(`  ${''.padEnd(LABEL_WIDTH)}${line}`)
  }
}

/** Lines of at most the width, broken at spaces: an address is never broken. */
function wrapped(text: string): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < WIDTH - LABEL_WIDTH) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

function numbered(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
