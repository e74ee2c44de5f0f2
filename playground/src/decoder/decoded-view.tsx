import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Card } from '../ui/card.js'
import { FieldList, type ListedField } from '../ui/field-list.js'
import type { DecodedToken } from './verify-steps.js'

/** Header and payload of a token, each claim explained. */
export function DecodedView({ decoded: { header, payload } }: { readonly decoded: DecodedToken }): ReactNode {
  return (
    <>
      <Card title="Header" hint="How the token is signed.">
        <FieldList fields={fieldsOf(header)} />
      </Card>
      <Card title="Payload" hint="What the token says. Anyone who has the token can read it.">
        <FieldList fields={fieldsOf(payload)} />
        <Text size="xs" c="dimmed">
          The third part of the token is the signature.
        </Text>
      </Card>
    </>
  )
}

function fieldsOf(members: object): readonly ListedField[] {
  return Object.entries(members).map(([name, value]) => ({ name, value }))
}
