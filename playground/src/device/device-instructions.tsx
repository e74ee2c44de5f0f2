import { Anchor, Button, Group, Paper, Text } from '@mantine/core'
import type { DeviceAuthorization } from '@latchkey/core/grants'
import { QRCodeSVG } from 'qrcode.react'
import type { ReactNode } from 'react'
import { isLoopback } from '../connection/connection.js'
import { PollNote } from './poll-note.js'
import { useNow } from '../session/use-now.js'

interface DeviceInstructionsProps {
  readonly authorization: DeviceAuthorization
  /** The origin at which a phone opens the built-in server. */
  readonly address: string | undefined
  readonly polls: number
  readonly onCancel: () => void
}

/** What a device shows while it waits: the address, the code, and a QR code with both if a phone can open the address. */
export function DeviceInstructions({ authorization, address, polls, onCancel }: DeviceInstructionsProps): ReactNode {
  const { userCode, expiresAt } = authorization
  const verificationUri = at(address, authorization.verificationUri)
  const completeUri = at(address, authorization.verificationUriComplete ?? authorization.verificationUri)
  const minutesLeft = Math.max(0, Math.ceil((expiresAt - useNow()) / 60_000))
  const isForPhone = !isLoopback(verificationUri)
  return (
    <Paper withBorder p="md">
      <Group align="start" gap="lg">
        {isForPhone && (
          <Paper bg="white" p="xs">
            <QRCodeSVG value={completeUri} size={144} title="QR code of the address including the code" />
          </Paper>
        )}
        <div style={{ flex: '1 1 14rem' }}>
          <Text size="sm">{isForPhone ? 'Scan the QR code with a phone, or open' : 'Open'} this address and enter the code:</Text>
          <Anchor href={verificationUri} target="_blank" rel="noreferrer" underline="always" style={{ overflowWrap: 'anywhere' }}>
            {verificationUri}
          </Anchor>
          <Text ff="monospace" fz="xl" fw={700} my="xs">
            {userCode}
          </Text>
          <Text size="sm" c="dimmed">
            Valid for {minutesLeft} min. Polls so far: {polls}.
          </Text>
          <PollNote subject="code" />
          <Group mt="sm" gap="xs">
            <Button component="a" href={completeUri} target="_blank" rel="noreferrer" size="xs">
              Open with the code filled in
            </Button>
            <Button size="xs" variant="default" onClick={onCancel}>
              Stop waiting
            </Button>
          </Group>
        </div>
      </Group>
    </Paper>
  )
}

/** @returns the same page at the address that the phone opens */
function at(address: string | undefined, uri: string): string {
  const { pathname, search } = new URL(uri)
  return address === undefined ? uri : address + pathname + search
}
