import { Button, Text } from '@mantine/core'
import { Fragment, type ReactNode, useState } from 'react'
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

/** A browser needs seconds to lay out thousands of rows, or a value of a megabyte. */
const MAX_ROWS = 100
const MAX_LENGTH = 2000

/** Names and values, each with an explanation in plain words. Long lists and values are shortened until the reader clicks “Show all”. */
export function FieldList({ fields, empty = 'None.' }: FieldListProps): ReactNode {
  const [showsAll, setShowsAll] = useState(false)
  if (fields.length === 0) return <Text size="sm">{empty}</Text>
  const rows = fields.map(({ value, ...field }) => ({ ...field, value, text: textOf(value) }))
  const isShort = rows.length <= MAX_ROWS && rows.every(({ text }) => text.length <= MAX_LENGTH)
  const length = showsAll ? Number.POSITIVE_INFINITY : MAX_LENGTH
  return (
    <>
      <dl className="fields">
        {rows.slice(0, showsAll ? rows.length : MAX_ROWS).map(({ name, value, text, isAltered }, index) => (
          // A parameter may occur more than once.
          <Fragment key={`${name} ${index}`}>
            <dt>{name}</dt>
            <dd>
              {isAltered && <b>Altered: </b>}
              <span className={isAltered ? 'value altered' : 'value'}>
                {text.length > length ? `${text.slice(0, length)}…` : text}
              </span>
              <FieldNote name={name} value={value} />
            </dd>
          </Fragment>
        ))}
      </dl>
      {!isShort && !showsAll && (
        <Button size="xs" variant="default" mt="xs" onClick={() => setShowsAll(true)}>
          Show all ({rows.length} {rows.length === 1 ? 'field' : 'fields'}, at full length)
        </Button>
      )}
    </>
  )
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
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
