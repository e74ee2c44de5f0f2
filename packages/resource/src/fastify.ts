export {
  toFastifyGuard,
  toFastifyMetadata,
  type FastifyGuardReply,
  type FastifyGuardRequest,
  type FastifyHook,
} from './guards/fastify-guard.js'
export { tokenOf } from './guards/accepted-tokens.js'
