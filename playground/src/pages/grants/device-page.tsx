import { Anchor, Button, Group, Paper, Text } from '@mantine/core'
import type { TokenSet } from '@latchkey/core'
import { type DeviceAuthorization, deviceAuthorization } from '@latchkey/core/grants'
import { QRCodeSVG } from 'qrcode.react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { isLoopback } from '../../connection/connection.js'
import { Experiment } from '../../experiments/experiment.js'
import { TokenSetView } from '../../experiments/token-set-view.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { useExperimentClient } from '../../experiments/use-experiment-client.js'
import { useNow } from '../../session/use-now.js'
import { deviceCode } from '../../code/hook-samples.js'
import type { FaultId } from '../../faults/faults.js'
import { useFault } from '../../faults/use-fault.js'
import { deviceStory } from '../../story/stories/device-stories.js'
import { Page } from '../../ui/page.js'

const faultIds: readonly FaultId[] = ['down', 'html', 'silent', 'slow']

export function DevicePage(): ReactNode {
  const { faults, experiment, authorization, polls, work, cancel } = useDevice()
  return (
    <Page
      title="Device grant"
      lead="For a television or a command-line tool. The device shows an address and a short code, and waits. Open the address in another tab, enter the code, and the device is signed in."
      specs={['RFC 8628, section 3']}
    >
      <Experiment
        verdict="Recommended"
        advice="In an app, use useDeviceLogin(). Never enter a code that you received from someone else: you would sign them in."
        action="Request a code"
        experiment={experiment}
        work={work}
        View={TokenSetView}
        story={deviceStory}
        faults={faults}
        code={deviceCode}
      >
        {authorization && experiment.state.status === 'running' && (
          <Instructions authorization={authorization} polls={polls} onCancel={cancel} />
        )}
      </Experiment>
    </Page>
  )
}

function useDevice() {
  const faults = useFault(faultIds)
  const createClient = useExperimentClient(faults.fault)
  const experiment = useExperiment<TokenSet>()
  const [authorization, setAuthorization] = useState<DeviceAuthorization>()
  const [polls, setPolls] = useState(0)
  const waiting = useRef<AbortController>(undefined)
  useEffect(() => () => waiting.current?.abort(), [])
  const work = async (): Promise<TokenSet> => {
    const attempt = new AbortController()
    waiting.current = attempt
    setPolls(0)
    const started = await deviceAuthorization(createClient())
    setAuthorization(started)
    return started.poll({ signal: attempt.signal, onProgress: () => setPolls((count) => count + 1) })
  }
  return { faults, experiment, authorization, polls, work, cancel: () => waiting.current?.abort() }
}

interface InstructionsProps {
  readonly authorization: DeviceAuthorization
  readonly polls: number
  readonly onCancel: () => void
}

function Instructions({ authorization, polls, onCancel }: InstructionsProps): ReactNode {
  const { userCode, verificationUri, verificationUriComplete = verificationUri, expiresAt } = authorization
  const minutesLeft = Math.max(0, Math.ceil((expiresAt - useNow()) / 60_000))
  return (
    <Paper withBorder p="md">
      <Group wrap="nowrap" align="start" gap="lg">
        {isLoopback(verificationUri) ? undefined : (
          <Paper bg="white" p="xs" visibleFrom="xs">
            <QRCodeSVG value={verificationUriComplete} size={112} title="QR code of the address including the code" />
          </Paper>
        )}
        <div>
          <Text size="sm">Open this address and enter the code:</Text>
          <Anchor href={verificationUri} target="_blank" rel="noreferrer" underline="always" style={{ overflowWrap: 'anywhere' }}>
            {verificationUri}
          </Anchor>
          <Text ff="monospace" fz="xl" fw={700} my="xs">
            {userCode}
          </Text>
          <Text size="sm" c="dimmed">
            Valid for {minutesLeft} min. Polls so far: {polls}.
          </Text>
          <Text size="sm" c="dimmed">
            {isLoopback(verificationUri)
              ? 'There is no QR code: the address belongs to this computer, and a phone cannot open it. Open it in another tab.'
              : 'Or scan the QR code with a phone.'}
          </Text>
          <Group mt="sm" gap="xs">
            <Button component="a" href={verificationUriComplete} target="_blank" rel="noreferrer" size="xs">
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
