import { useCallback, useMemo } from 'react'
import { useSearch } from 'wouter'
import { navigate } from 'wouter/use-browser-location'

/** All members are strings: an interface has no index signature. */
type Strings<Values> = { readonly [Name in keyof Values]: string }

/**
 * State of a page that is part of its URL, so that a copied link opens the page in the same state. The URL contains only
 * values that differ from the default. For options only: a secret or a token must not be in a link.
 *
 * @param defaults names and default values; the same object at every render
 * @param choices the permitted values of a name; any other value in the URL is ignored
 */
export function usePageState<Values extends Strings<Values>>(
  defaults: Values,
  choices: { readonly [Name in keyof Values]?: readonly string[] } = {},
): readonly [Values, (changes: Partial<Values>) => void] {
  const query = useSearch()
  const values = useMemo(() => readValues(defaults, choices, new URLSearchParams(query)), [defaults, choices, query])
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

function readValues<Values extends Strings<Values>>(
  defaults: Values,
  choices: { readonly [Name in keyof Values]?: readonly string[] },
  parameters: URLSearchParams,
): Values {
  const entries = Object.entries<string>(defaults).map(([name, initial]) => {
    const value = parameters.get(name)
    const isPermitted = value !== null && (choices[name as keyof Values]?.includes(value) ?? true)
    return [name, isPermitted ? value : initial]
  })
  return Object.fromEntries(entries) as Values
}

function withChanges<Values extends Strings<Values>>(
  defaults: Values,
  previous: URLSearchParams,
  changes: Partial<Values>,
): URLSearchParams {
  const next = new URLSearchParams(previous)
  for (const [name, value] of Object.entries<string | undefined>(changes)) {
    if (value === undefined || value === defaults[name as keyof Values]) next.delete(name)
    else next.set(name, value)
  }
  return next
}
