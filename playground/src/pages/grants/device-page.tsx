import { Code } from '@mantine/core'
import type { TokenSet } from '@latchkey/core'
import { type DeviceAuthorization, deviceAuthorization } from '@latchkey/core/grants'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { deviceCode } from '../../code/hook-samples.js'
import { PollFault } from '../../device/poll-fault.js'
import { DeviceInstructions } from '../../device/device-instructions.js'
import { PhoneAddress } from '../../device/phone-address.js'
import { usePhoneAddress } from '../../device/use-phone-address.js'
import { Experiment } from '../../experiments/experiment.js'
import { TokenSetView } from '../../experiments/token-set-view.js'
import { useExperiment } from '../../experiments/use-experiment.js'
import { useExperimentClient } from '../../experiments/use-experiment-client.js'
import type { FaultId } from '../../faults/faults.js'
import { useFault } from '../../faults/use-fault.js'
import { deviceStory } from '../../story/stories/device-stories.js'
import { Page } from '../../ui/page.js'

const faultIds: readonly FaultId[] = ['device-expired', 'down', 'html', 'silent', 'slow']

export function DevicePage(): ReactNode {
  const phone = usePhoneAddress()
  const { faults, experiment, authorization, polls, work, cancel } = useDevice()
  return (
    <Page
      title="Device grant"
      lead="For a television or a command-line tool. The device shows an address and a short code, and waits. Open the address on a phone or in another tab, enter the code, and the device is signed in."
      specs={['RFC 8628, section 3']}
    >
      <Experiment
        verdict="Recommended"
        advice={
          <>
            In an app, use <Code>useDeviceLogin()</Code>. Never enter a code that you received from someone else: you would sign
            them in.
          </>
        }
        action="Request a code"
        experiment={experiment}
        work={work}
        View={TokenSetView}
        story={deviceStory}
        faults={faults}
        code={deviceCode}
      >
        <PhoneAddress phone={phone} />
        {authorization && experiment.state.status === 'running' && (
          <DeviceInstructions authorization={authorization} address={phone.address} polls={polls} onCancel={cancel} />
        )}
        {experiment.state.status === 'running' && <PollFault fault={faults.fault} run={experiment.number} />}
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
    setAuthorization(undefined)
    const started = await deviceAuthorization(createClient())
    setAuthorization(started)
    return started.poll({ signal: attempt.signal, onProgress: () => setPolls((count) => count + 1) })
  }
  return { faults, experiment, authorization, polls, work, cancel: () => waiting.current?.abort() }
}
