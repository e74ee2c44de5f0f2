import type { Page, PlainForm } from '../../site/site-adapter.js'
import type { ClientRecord } from '../../storage/client-record.js'
import type { GrantSettings } from '../../token/grants/grant-settings.js'

/** @see RFC 8628, section 3.4 */
export const DEVICE_GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:device_code'

/** The form for the code that a device shows. */
export interface DevicePage extends PlainForm {
  /** What was wrong with the last code, for the user to read. */
  readonly message: string | undefined
}

/** The end of a device's request. */
export interface DeviceDonePage {
  /** Whether the user allowed the request. */
  readonly allowed: boolean
  /** The client on the device. */
  readonly client: ClientRecord
}

/** The pages of the feature. */
export interface DevicePages {
  /** Renders the form for the code: the field is named `user_code`, the button `action` with the value `code`. */
  readonly renderDevicePage: (page: DevicePage) => Page | Response | Promise<Page | Response>
  /** Renders the end: the device continues, or the user denied the request. */
  readonly renderDeviceDonePage: (page: DeviceDonePage) => Page | Response | Promise<Page | Response>
}

/** How device codes are issued. @see RFC 8628, section 3.2 */
export interface DeviceSettings {
  /** Lifetime of device and user code in seconds. */
  readonly codeLifetime: number
  /** Seconds between polls. */
  readonly interval: number
  readonly grant: GrantSettings
  readonly pages: DevicePages
}
