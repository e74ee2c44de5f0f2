import { Alert, Code, Text } from '@mantine/core'
import { DeviceMobileIcon } from '@primer/octicons-react/DeviceMobileIcon'
import type { ReactNode } from 'react'
import { Choice } from '../ui/choice.js'
import type { PhoneAddressChoice } from './use-phone-address.js'

/** Says whether a phone can open the built-in server, at which address, and what to do if it cannot. */
export function PhoneAddress({ phone: { addresses, address, choose } }: { readonly phone: PhoneAddressChoice }): ReactNode {
  if (addresses === undefined) return undefined
  if (address === undefined) {
    return (
      <Alert role="note" color="gray" icon={<DeviceMobileIcon />} title="A phone cannot open this playground">
        Its address belongs to this computer. Enter the code in another tab, or stop the playground and start it for your network:{' '}
        <Code>npm start -- --host</Code>
      </Alert>
    )
  }
  return (
    <Alert role="note" color="gray" icon={<DeviceMobileIcon />} title="A phone can open this playground">
      <Text size="sm">
        At <Code>{address}</Code>, if the phone is in the same network as this computer. Everyone in this network can sign in as a
        test user.
      </Text>
      {addresses.length > 1 && (
        <Choice
          label="Address of this computer"
          options={addresses.map((value) => ({ value }))}
          value={address}
          onChange={choose}
        />
      )}
    </Alert>
  )
}
