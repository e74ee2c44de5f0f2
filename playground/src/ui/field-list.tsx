import { Text } from '@mantine/core'
import { Fragment, type ReactNode } from 'react'
import { parameterNotes, readableTime } from '../guide/parameter-notes.js'

/** One row of a field list. */
export interface ListedField {
  readonly name: string
  readonly value: unknown
  /** True if a simulated fault changed it. */
  readonly isAltered?: boolean | undefined
}

interface FieldListProps {
  readonly fields: readonly ListedField[]
  /** Text for an empty list. */
  readonly empty?: string | undefined
}

/** Names and values, each with an explanation in plain words. */
export function FieldList({ fields, empty = 'None.' }: FieldListProps): ReactNode {
  if (fields.length === 0) return <Text size="sm">{empty}</Text>
  return (
    <dl className="fields">
      {fields.map(({ name, value, isAltered }, index) => (
        // A parameter may occur more than once.
        <Fragment key={`${name} ${index}`}>
          <dt>{name}</dt>
          <dd>
            {isAltered && <b>Altered: </b>}
            <span className={isAltered ? 'value altered' : 'value'}>
              {typeof value === 'string' ? value : JSON.stringify(value)}
            </span>
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
