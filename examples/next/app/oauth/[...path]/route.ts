import { server } from '../server'

// An authorization server for development and tests. In production, name the issuer of your provider in providers.tsx.
const respond = (request: Request): Promise<Response> => server.fetch(request)
export { respond as GET, respond as OPTIONS, respond as POST }
