/** Where the dev server lists the origins at which other devices reach it. */
export const NETWORK_ADDRESSES_PATH = '/network-addresses'
