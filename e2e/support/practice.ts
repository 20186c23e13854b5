// The `test` that every story uses: it knows the practice, its mailbox and its clock, and watches the network.
import { test as base, type BrowserContextOptions, type Page } from '@playwright/test'
import { Clock } from './clock.ts'
import { Mailbox } from './mailbox.ts'
import { Watch } from './network.ts'
import { startPractice } from './server.mjs'

export const test = base.extend<{
  alone: boolean
  settings: Record<string, string>
  command: string
  practice: { url: string; data: string; said: () => string }
  another: (options?: BrowserContextOptions, expected?: RegExp) => Promise<Page>
  mailbox: Mailbox
  clock: Clock
  watch: Watch
}>({
  // Whoever pushes the clock past what others wait for, or changes when a therapist works, has a practice of their own.
  alone: [false, { option: true }],
  // What a practice of one's own is set to differently.
  settings: [{}, { option: true }],
  // What the binary of a practice of one's own is told to do.
  command: ['demo', { option: true }],
  practice: async ({ alone, settings, command }, use) => {
    if (!alone) return await use({ url: process.env.SHARED_PRACTICE_URL!, data: '', said: () => '' })
    const practice = await startPractice(settings, command)
    await use(practice)
    await practice.stop()
  },
  baseURL: async ({ practice }, use) => {
    await use(practice.url)
  },
  // Somebody else, in a browser of their own that is watched too; what it complains of on purpose is named.
  another: async ({ browser, baseURL }, use) => {
    const others: Watch[] = []
    await use(async (options, expected) => {
      const context = await browser.newContext({ baseURL, ...options })
      const watch = new Watch(context, baseURL!)
      if (expected) watch.expect(expected)
      others.push(watch)
      return await context.newPage()
    })
    for (const other of others) {
      other.expectCalm()
      await other.context.close()
    }
  },
  mailbox: async ({ request }, use) => {
    await use(new Mailbox(request))
  },
  clock: async ({ request, baseURL }, use) => {
    await use(new Clock(request, baseURL!))
  },
  watch: [
    async ({ context, baseURL }, use) => {
      const watch = new Watch(context, baseURL!)
      await use(watch)
      watch.expectCalm()
    },
    { auto: true },
  ],
})

export { expect } from '@playwright/test'

/** Someone nobody has seen before. */
export function stranger(name: string) {
  const unique = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 7)}`
  return { name, email: `${name.toLowerCase().replace(/[^a-z]+/g, '.')}.${unique}@example.org`, phone: '+44 20 7946 0123' }
}
