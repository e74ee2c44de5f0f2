import { useCallback, useMemo } from 'react'
// The function of the same name in 'wouter' decodes the query, and URLSearchParams would decode it again.
import { navigate, useSearch } from 'wouter/use-browser-location'
import { useReportParameters } from './ignored-parameters.js'

/** All members are strings: an interface has no index signature. */
type Strings<Values> = { readonly [Name in keyof Values]: string }

/** The permitted values of each name, as a list or a pattern. A name that is missing permits any value. */
type Choices<Values> = { readonly [Name in keyof Values]?: readonly string[] | RegExp }

/** In characters. Node refuses a request whose headers exceed 16 kB, and a character of a URL can need nine bytes. */
const LONGEST_VALUE = 1000

/**
 * State of a page that is part of its URL, so that a copied link opens the page in the same state. The URL contains only
 * values that differ from the default, each cut where the server would refuse to open the page again. For options only: a secret or a
 * token must not be in a link.
 *
 * @param defaults names and default values; the same object at every render
 * @param choices any other value in the URL is ignored, and the page says so
 */
export function usePageState<Values extends Strings<Values>>(
  defaults: Values,
  choices: Choices<Values> = {},
): readonly [Values, (changes: Partial<Values>) => void] {
  const query = useSearch()
  const { values, ignored } = useMemo(() => readValues(defaults, choices, new URLSearchParams(query)), [defaults, choices, query])
  useReportParameters(Object.keys(defaults).join(' '), ignored.join(' '))
  const change = useCallback(
    (changes: Partial<Values>) => {
      const { pathname, search, hash } = location
      const next = withChanges(defaults, new URLSearchParams(search), changes).toString()
      navigate(pathname + (next && `?${next}`) + hash, { replace: true })
    },
    [defaults],
  )
  return [values, change]
}

interface ReadValues<Values> {
  readonly values: Values
  /** The names whose value in the URL is not permitted. */
  readonly ignored: readonly string[]
}

function readValues<Values extends Strings<Values>>(
  defaults: Values,
  choices: Choices<Values>,
  parameters: URLSearchParams,
): ReadValues<Values> {
  const ignored: string[] = []
  const entries = Object.entries<string>(defaults).map(([name, initial]) => {
    const value = parameters.get(name)
    if (value === null) return [name, initial]
    if (isPermitted(value, choices[name as keyof Values])) return [name, value]
    ignored.push(name)
    return [name, initial]
  })
  return { values: Object.fromEntries(entries) as Values, ignored }
}

function isPermitted(value: string, choice: readonly string[] | RegExp | undefined): boolean {
  if (choice === undefined) return true
  return choice instanceof RegExp ? choice.test(value) : choice.includes(value)
}

function withChanges<Values extends Strings<Values>>(
  defaults: Values,
  previous: URLSearchParams,
  changes: Partial<Values>,
): URLSearchParams {
  const next = new URLSearchParams(previous)
  for (const [name, value] of Object.entries<string | undefined>(changes)) {
    if (value === undefined || value === defaults[name as keyof Values]) next.delete(name)
    else next.set(name, value.slice(0, LONGEST_VALUE))
  }
  return next
}
