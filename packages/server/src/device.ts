export { device, type DeviceOptions } from './features/device/device.js'
export type { DeviceDonePage, DevicePage, DevicePages } from './features/device/device-settings.js'
