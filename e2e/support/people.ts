// Who somebody is: a persona of the demo, or whoever has the mailbox.
import { type APIRequestContext, expect, type Page } from '@playwright/test'
import { linkIn, type Mail, type Mailbox } from './mailbox.ts'

/** Becomes a person of the demo with one click, and lands where that person works. */
export async function become(page: Page, name: string) {
  await page.goto('/sandbox#people')
  await page.getByRole('button', { name: `Sign in as ${name}`, exact: true }).click()
  await expect(page).toHaveURL(/\/(portal|admin)$/)
}

export const code = (page: Page) => page.getByLabel('Six-digit code')
export const signIn = (page: Page) => page.getByRole('button', { name: 'Sign in', exact: true })

/** Asks for a mail on the page of signing in, and ends where the code is typed. */
export async function askForMail(page: Page, email: string) {
  await page.goto('/sign-in')
  await page.getByLabel('Email').fill(email)
  await page.getByRole('button', { name: 'Send me a code' }).click()
  await expect(page.getByRole('heading', { name: 'Look in your email' })).toBeVisible()
}

/** The newest mail to sign in with; `before` of them have been seen. */
export async function signInMail(mailbox: Mailbox, email: string, before = 0): Promise<Mail> {
  let mails: Mail[] = []
  await expect
    .poll(async () => (mails = (await mailbox.to(email)).filter(({ subject }) => subject === 'Your sign-in link')).length)
    .toBeGreaterThan(before)
  return mails.at(-1)!
}

export function codeIn(mail: Mail): string {
  const found = /^Code: (\d{6})$/m.exec(mail.text)
  expect(found, `six digits in "${mail.text}"`).toBeTruthy()
  return found![1]!
}

export const signInLink = (mail: Mail) => linkIn(mail, '/sign-in/link')

/** Signs in with the six digits. Where that leads depends on who it is. */
export async function signInByMail(page: Page, mailbox: Mailbox, email: string) {
  const before = (await mailbox.to(email)).filter(({ subject }) => subject === 'Your sign-in link').length
  await askForMail(page, email)
  await code(page).fill(codeIn(await signInMail(mailbox, email, before)))
  await signIn(page).click()
  await expect(page).not.toHaveURL(/\/sign-in\/code/)
}

interface Person {
  name: string
  email: string
  phone: string
}

const call = `{ sessionTypes { id slug } therapists { id name } practice { now timeZone } }`
const free = `query($input: AvailabilityInput!) { availability(input: $input) { days { slots { startsAt endsAt } } } }`
const bookIt = `mutation($input: BookDiscoveryInput!) { bookDiscovery(input: $input) { booking { endsAt } userErrors { message } } }`

/** Books the first free call with a therapist the short way, for stories about what comes after. Answers with its end. */
export async function bookedCall(request: APIRequestContext, person: Person, therapist = 'Ada Lindqvist', ahead = 0): Promise<Date> {
  const ask = async (query: string, variables = {}) => {
    const answer = await (await request.post('/graphql', { data: { query, variables } })).json()
    expect(answer.errors, query).toBeUndefined()
    return answer.data
  }
  const { sessionTypes, therapists, practice } = await ask(call)
  const sessionTypeId = sessionTypes.find(({ slug }: { slug: string }) => slug === 'discovery-call').id
  const therapistId = therapists.find(({ name }: { name: string }) => name === therapist).id
  const day = (days: number) => new Date(Date.parse(practice.now) + days * 86_400_000).toISOString().slice(0, 10)
  const { availability } = await ask(free, { input: { sessionTypeId, therapistId, from: day(ahead), to: day(30) } })
  const { startsAt } = availability.days.flatMap(({ slots }: { slots: { startsAt: string }[] }) => slots)[0]
  const { bookDiscovery } = await ask(bookIt, {
    input: { sessionTypeId, therapistId, startsAt, ...person, timeZone: practice.timeZone },
  })
  expect(bookDiscovery.userErrors).toEqual([])
  return new Date(bookDiscovery.booking.endsAt)
}
