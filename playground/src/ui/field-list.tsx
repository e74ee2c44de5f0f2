import { Text } from '@mantine/core'
import { Fragment, type ReactNode } from 'react'
import { parameterNotes, readableTime } from '../guide/parameter-notes.js'

export interface ListedField {
  readonly name: string
  readonly value: unknown
}

interface FieldListProps {
  readonly fields: readonly ListedField[]
  /** What stands there when there are none. */
  readonly empty?: string
}

/** Names, values, and what each is for in plain words. */
export function FieldList({ fields, empty = 'Nothing.' }: FieldListProps): ReactNode {
  if (fields.length === 0) return <Text size="sm">{empty}</Text>
  return (
    <dl className="fields">
      {fields.map(({ name, value }, index) => (
        // A parameter may be there several times.
        <Fragment key={`${name} ${index}`}>
          <dt>{name}</dt>
          <dd>
            <span className="value">{typeof value === 'string' ? value : JSON.stringify(value)}</span>
            <FieldNote name={name} value={value} />
          </dd>
        </Fragment>
      ))}
    </dl>
  )
}

function FieldNote({ name, value }: ListedField): ReactNode {
  const notes = [readableTime(name, value), parameterNotes[name]].filter((note) => note !== undefined)
  if (notes.length === 0) return undefined
  return (
    <Text size="xs" c="dimmed">
      {notes.join(' · ')}
    </Text>
  )
}
