// Phrases and names that .github/WORDS.md replaces, and that cspell cannot flag because they are more than one word or right elsewhere.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './command.mjs'

/** @type {ReadonlyArray<readonly [pattern: RegExp, instead: string]>} */
const RULES = [
  [/\bfor ever\b/gi, 'without expiry'],
  [/\bwhere there (?:is|are) none\b/gi, 'if absent'],
  [/\b(?:is|are) left out\b/gi, 'if omitted'],
  [/\bcounts? as\b/gi, 'is treated as'],
  [/\b(?:is|are) held to be\b/gi, 'is treated as'],
  [/\bgoes on in memory\b/gi, 'falls back to memory'],
  [/\bwhat (?:came|comes) of\b/gi, 'result'],
  [/\brests? on\b/gi, 'follows; Spec:'],
  [/\bstands? in\b/gi, 'is in'],
  [/\blies? in\b/gi, 'is in'],
  [/\bsigns? of life\b/gi, 'heartbeat'],
  [/\bthe person\b/gi, 'the user'],
  [/(?<!round[- ])\btrips?\b/gi, 'sign-in, navigation'],
  [/[a-z]Trip\b|\b[tT]rip[A-Z]/g, 'signIn, navigation'],
  [/\bof (?:one|its user|somebody)['’]s own\b/gi, 'custom'],
  [/\b(?:server|provider|endpoint|gateway|API)(?:['’]s)? answers?\b/gi, 'response, responds'],
  [
    /\banswers? (?:of|from) (?:the|a|an|another) (?:authorization |token |other )?(?:server|provider|endpoint|API)\b/gi,
    'response',
  ],
  [/\b(?:leave|comeBack|revokeByHand|keepOrMake|abandonEmpty|partsOf|carryServer|heirOf)\(/g, 'see the table of names'],
]
const FILES = /\.(?:tsx?|mjs|cjs|html|md|yml|css)$/
// The lists of the words themselves, and what is generated from the source.
const EXCEPT = /^(?:test\/gate\/words.mjs|\.github\/WORDS\.md|\.changeset\/|.*CHANGELOG\.md|packages\/[^/]+\/api\/)/

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' }).split('\n')
const findings = files.filter((file) => FILES.test(file) && !EXCEPT.test(file)).flatMap(findingsIn)
for (const finding of findings) console.log(finding)
console.log(findings.length === 0 ? '1 passed, 0 failed' : `0 passed, ${findings.length} failed`)
process.exitCode = findings.length === 0 ? 0 : 1

/**
 * @param {string} file
 * @returns {string[]}
 */
function findingsIn(file) {
  const lines = readFileSync(join(root, file), 'utf8').split('\n')
  return lines.flatMap((line, index) =>
    RULES.flatMap(([pattern, instead]) =>
      [...line.matchAll(pattern)].map(
        ({ 0: found, index: column }) => `${file}:${index + 1}:${column + 1} "${found}" -> ${instead}`,
      ),
    ),
  )
}
