export { registration, type RegistrationOptions } from './features/registration/registration.js'
