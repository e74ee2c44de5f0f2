import { Button, Collapse, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { CodeIcon } from '@primer/octicons-react/CodeIcon'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { type ReactNode, useId } from 'react'
import { FieldList, type ListedField } from './field-list.js'

interface DecodedTokenProps {
  /** What it is, for the button's name: “ID token”. */
  readonly name: string
  readonly token: string
}

/** What a token says, decoded when somebody asks for it. Decoding is reading: it proves nothing. */
export function DecodedToken({ name, token }: DecodedTokenProps): ReactNode {
  const [isOpen, disclosure] = useDisclosure()
  const id = useId()
  const decoded = decode(token)
  if (!decoded) {
    return (
      <Text size="sm" c="dimmed">
        This {name} is opaque: it says nothing to anybody but the server that made it.
      </Text>
    )
  }
  return (
    <div>
      <Button size="xs" variant="default" leftSection={<CodeIcon />} aria-expanded={isOpen} aria-controls={id} onClick={disclosure.toggle}>
        {isOpen ? 'Close' : 'Decode'} the {name}
      </Button>
      <Collapse expanded={isOpen} id={id} mt="md">
        <Title order={3} size="h6" mb="xs">
          Header
        </Title>
        <FieldList fields={decoded.header} />
        <Title order={3} size="h6" mt="md" mb="xs">
          Payload
        </Title>
        <FieldList fields={decoded.payload} />
      </Collapse>
    </div>
  )
}

/** @returns undefined when the token is no JSON Web Token */
function decode(token: string): { readonly header: readonly ListedField[]; readonly payload: readonly ListedField[] } | undefined {
  try {
    return { header: fieldsOf(decodeProtectedHeader(token)), payload: fieldsOf(decodeJwt(token)) }
  } catch {
    return undefined
  }
}

function fieldsOf(members: object): readonly ListedField[] {
  return Object.entries(members).map(([name, value]) => ({ name, value }))
}
