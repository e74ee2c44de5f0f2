export { clientIdMetadata, type ClientIdMetadataOptions } from './features/client-id-metadata/client-id-metadata.js'
