/** What stands for the URL of the response if the user copies a code instead (OAuth 1.0a). */
export const OUT_OF_BAND_URI = 'urn:ietf:wg:oauth:2.0:oob'
