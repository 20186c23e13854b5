import { startPractice } from './server.mjs'

// One practice for all stories that need none of their own; they meet in it as people do. The workers inherit its address.
export default async function setup() {
  const practice = await startPractice()
  process.env.SHARED_PRACTICE_URL = practice.url
  return () => practice.stop()
}
