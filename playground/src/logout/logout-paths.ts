/** Where the API of the page receives logout tokens, each demo at a path of its own below this one. */
export const LOGOUT_API_PATH = '/logout-demo'

/** The page that the server opens in a hidden frame. */
export const FRONT_CHANNEL_PATH = '/front-channel-logout'
