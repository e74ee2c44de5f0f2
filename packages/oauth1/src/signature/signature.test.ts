import { expect, it, describe } from 'vitest'
import { signatureBaseString } from './signature-base-string.js'
import { findSignatureMethod } from './find-signature-method.js'
import type { SignatureKeys } from './signature-method.js'

const method = (name: string) => findSignatureMethod(name) ?? expect.fail(`no method ${name}`)

async function sign(
  { verb = 'GET', url, form }: { verb?: string; url: string; form?: string },
  parameters: Record<string, string>,
  keys: SignatureKeys,
): Promise<string> {
  const baseString = signatureBaseString({ method: verb, url: new URL(url), form, parameters: Object.entries(parameters) })
  return method(parameters['oauth_signature_method'] ?? '').sign(baseString, keys)
}

describe('the example of RFC 5849, section 1.2', () => {
  const client = { oauth_consumer_key: 'dpf43f3p2l4k3l03', oauth_signature_method: 'HMAC-SHA1' }
  const clientSecret = 'kd94hf93k423kf44'

  it('signs the request for temporary credentials', async () => {
    const parameters = {
      ...client,
      oauth_timestamp: '137131200',
      oauth_nonce: 'wIjqoS',
      oauth_callback: 'http://printer.example.com/ready',
    }
    expect(await sign({ verb: 'POST', url: 'https://photos.example.net/initiate' }, parameters, { clientSecret })).toBe(
      '74KNZJeDHnMBp0EMJ9ZHt/XKycU=',
    )
  })

  it('signs the request for token credentials', async () => {
    const parameters = {
      ...client,
      oauth_token: 'hh5s93j4hdidpola',
      oauth_timestamp: '137131201',
      oauth_nonce: 'walatlh',
      oauth_verifier: 'hfdp7dh39dks9884',
    }
    const keys = { clientSecret, tokenSecret: 'hdhd0244k9j7ao03' }
    expect(await sign({ verb: 'POST', url: 'https://photos.example.net/token' }, parameters, keys)).toBe(
      'gKgrFCywp7rO0OXSjdot/IHF7IU=',
    )
  })

  it('signs the request for a photo', async () => {
    const parameters = { ...client, oauth_token: 'nnch734d00sl2jdk', oauth_timestamp: '137131202', oauth_nonce: 'chapoH' }
    const url = 'http://photos.example.net/photos?file=vacation.jpg&size=original'
    expect(await sign({ url }, parameters, { clientSecret, tokenSecret: 'pfkkdhi9sl3r4s00' })).toBe(
      'MdpQcU8iPSUjWoN/UDMsK2sui9I=',
    )
  })
})

it('builds the base string of RFC 5849, section 3.4.1.1, and the signature of its erratum 2550', async () => {
  // covers D-013
  const parameters = {
    oauth_consumer_key: '9djdj82h48djs9d2',
    oauth_token: 'kkk9d7dh3k39sjv7',
    oauth_signature_method: 'HMAC-SHA1',
    oauth_timestamp: '137131201',
    oauth_nonce: '7d8f3e4a',
  }
  const signed = {
    method: 'post',
    url: new URL('HTTP://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b'),
    form: 'c2&a3=2+q',
    parameters: Object.entries({ ...parameters, oauth_signature: 'bYT5CMsGcbgUdFHObYMEfcx6bsw=' }),
  }
  const baseString = signatureBaseString(signed)
  expect(baseString).toBe(
    'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26' +
      'oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26' +
      'oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
  )
  const keys = { clientSecret: 'j49sk3j29djd', tokenSecret: 'dh893hdasih9' }
  expect(await method('HMAC-SHA1').sign(baseString, keys)).toBe('r6/TJjbCOr97/+UU0NsvSne7s5g=')
})

it('signs the examples of other implementations', async () => {
  const photos = {
    oauth_consumer_key: 'dpf43f3p2l4k3l03',
    oauth_token: 'nnch734d00sl2jdk',
    oauth_nonce: 'kllo9940pd9333jh',
    oauth_timestamp: '1191242096',
    oauth_signature_method: 'HMAC-SHA1',
    oauth_version: '1.0',
  }
  // OAuth Core 1.0a, appendix A.5.
  const url = 'http://photos.example.net/photos?file=vacation.jpg&size=original'
  const keys = { clientSecret: 'kd94hf93k423kf44', tokenSecret: 'pfkkdhi9sl3r4s00' }
  expect(await sign({ url }, photos, keys)).toBe('tR3+Ty81lMeYAr/Fid0kMTYa/WM=')
  // Twitter, "Creating a signature".
  const twitter = {
    oauth_consumer_key: 'xvz1evFS4wEEPTGEFPHBog',
    oauth_nonce: 'kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg',
    oauth_signature_method: 'HMAC-SHA1',
    oauth_timestamp: '1318622958',
    oauth_token: '370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb',
    oauth_version: '1.0',
  }
  const update = {
    verb: 'POST',
    url: 'https://api.twitter.com/1/statuses/update.json?include_entities=true',
    form: 'status=Hello%20Ladies%20%2b%20Gentlemen%2c%20a%20signed%20OAuth%20request%21',
  }
  const secrets = {
    clientSecret: 'kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw',
    tokenSecret: 'LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE',
  }
  expect(await sign(update, twitter, secrets)).toBe('tnnArxj06cWHq44gCs1OSKk/jLY=')
})
