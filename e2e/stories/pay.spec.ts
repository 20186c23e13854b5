import { expect, test } from '../support/practice.ts'
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe.ts'
import { expectCrisisStrip } from '../support/booking.ts'
import { become } from '../support/people.ts'
import type { Page } from '@playwright/test'

// Times are taken, money moves, and the clock is pushed past what others wait for.
test.use({ alone: true })

const good = '4242 4242 4242 4242'
const declined = '4000 0000 0000 0002'

const card = (page: Page) => page.getByLabel('Card number')
const pay = (page: Page) => page.getByRole('main').getByRole('button', { name: /^Pay £[\d.]+$/ })
const payByCard = (page: Page) => page.getByRole('button', { name: /^Pay £[\d.]+ by card$/ })

/** Asks the API in the browser of whoever is signed in. */
async function ask(page: Page, query: string, variables = {}) {
  const answer = await page.evaluate(
    async (body) => (await fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body })).json(),
    JSON.stringify({ query, variables }),
  )
  expect(answer.errors, query).toBeUndefined()
  return answer.data
}

/** A session that is to be paid first, booked by whoever is signed in. Answers with its id. */
async function bookToPay(page: Page): Promise<string> {
  const { viewer, practice } = await ask(page, '{ practice { now } viewer { client { bookable { sessionType { id } dueNow { amount } } } } }')
  const sessionTypeId = viewer.client.bookable.find(({ dueNow }: { dueNow: { amount: number } }) => dueNow.amount > 0).sessionType.id
  const day = (ahead: number) => new Date(Date.parse(practice.now) + ahead * 86_400_000).toISOString().slice(0, 10)
  const free = 'query($input: AvailabilityInput!) { availability(input: $input) { days { slots { startsAt } } } }'
  const { availability } = await ask(page, free, { input: { sessionTypeId, from: day(7), to: day(50) } })
  const { startsAt } = availability.days.flatMap(({ slots }: { slots: { startsAt: string }[] }) => slots)[0]
  const book = 'mutation($input: BookSessionInput!) { bookSession(input: $input) { booking { id } userErrors { message } } }'
  const { bookSession } = await ask(page, book, { input: { sessionTypeId, startsAt } })
  expect(bookSession.userErrors).toEqual([])
  return bookSession.booking.id
}

test('a client pays by card and has a receipt', async ({ page, mailbox }) => {
  await become(page, 'Mei-Ling')
  const booking = await bookToPay(page)
  await page.goto('/portal/bills')
  await expect(page.getByText(/The time is kept for you until \d\d:\d\d/)).toBeVisible()
  await expectCrisisStrip(page)
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)

  await payByCard(page).first().click()
  await expect(page).toHaveURL(/\/sandbox\/stripe\/checkout\//)
  await expect(page.getByText('Appointment', { exact: true })).toBeVisible()
  await expectAccessible(page, 'the payment page')
  await card(page).fill(good)
  await pay(page).click()
  await expect(page).toHaveURL(new RegExp(`/portal/bookings/${booking}/paid$`))
  await expect(async () => {
    await page.reload()
    await expect(page.getByRole('heading', { level: 1, name: 'Thank you' })).toBeVisible({ timeout: 500 })
  }).toPass()
  await expectAccessible(page, 'after paying')
  await page.goto(`/portal/bookings/${booking}`)
  await expect(page.getByRole('definition').filter({ hasText: '£' })).toHaveText(/^£[\d.]+ paid$/)
  await page.goBack()

  await page.getByRole('link', { name: 'Your bills' }).click()
  const receipt = page.getByRole('row').filter({ hasText: 'Receipt' }).first()
  await receipt.getByRole('link').click()
  await expect(page.getByRole('heading', { level: 1, name: /^Receipt R-\d{5}$/ })).toBeVisible()
  await expect(page.getByRole('main')).toContainText('Paid: card')
  await expect(page.getByRole('table')).not.toContainText(/therap|psych|counsel/i)
  await expectAccessible(page, 'a receipt')
  const mail = await mailbox.first('mei.ling.chen@example.org', ({ subject }) => subject === 'Your receipt')
  expect(mail.text).not.toMatch(/therap|counsel|psych|Mei-Ling|£/i)
})

test('a card is declined, and another one pays', async ({ page, watch }) => {
  watch.expect(/422/)
  await become(page, 'Mei-Ling')
  const booking = await bookToPay(page)
  await page.goto('/portal/bills')
  await payByCard(page).first().click()
  await card(page).fill(declined)
  await pay(page).click()
  await expect(page.getByRole('alert')).toContainText('This card was declined.')
  await expectAccessible(page, 'a declined card')

  // Going back loses nothing: the same page waits.
  const address = page.url()
  await page.getByRole('link', { name: 'Back without paying' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Nothing was paid.' })).toBeVisible()
  await payByCard(page).first().click()
  expect(page.url()).toBe(address)
  await card(page).fill(good)
  await pay(page).click()
  await expect(page).toHaveURL(new RegExp(`/portal/bookings/${booking}/paid$`))
})

test('whoever comes back too late finds the time given back, and nothing paid', async ({ page, clock }) => {
  await become(page, 'Mei-Ling')
  const booking = await bookToPay(page)
  await page.goto('/portal/bills')
  await payByCard(page).first().click()
  const address = page.url()
  await clock.forward(60)
  // The login of a browser is renewed by itself; the page is over.
  await page.goto(address)
  await expect(page.getByRole('heading', { name: 'This page is over' })).toBeVisible()
  await page.goto(`/portal/bookings/${booking}/paid`)
  await expect(page.getByRole('heading', { level: 1, name: 'This time has been given back' })).toBeVisible()
  await expectAccessible(page, 'too late')
  await page.goto('/portal/bills')
  await expect(page.getByText('The time is kept for you')).toHaveCount(0)
})

test('a therapist sees what is overdue, notes it, and gives some back', async ({ page }) => {
  await become(page, 'Ada')
  await page.goto('/admin/payments')
  await expect(page.getByRole('heading', { level: 1, name: 'Payments' })).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('link', { name: 'See what is overdue' }).click()
  await expectAccessible(page, 'overdue')
  await page.getByRole('link', { name: /^Note the payment of / }).first().click()
  await expectAccessible(page, 'noting a payment')
  await page.getByLabel('Cash').check()
  await page.getByRole('button', { name: 'Note it' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'The payment is noted' })).toBeVisible()

  await page.getByRole('row').filter({ hasText: 'Cash' }).first().getByRole('link').click()
  await expectAccessible(page, 'one payment')
  await page.getByLabel(/^Amount in/).fill('10')
  await page.getByLabel(/^Why/).fill('A shorter session')
  await page.getByRole('button', { name: 'Give it back' }).click()
  await expect(page.getByText('A shorter session')).toBeVisible()
  await expect(page.getByText('Gone back')).toBeVisible()
})

test('a package is sold, paid by card, and what is left of it taken back', async ({ page }) => {
  await become(page, 'Ada')
  await page.goto('/admin/clients')
  await page.getByRole('link', { name: 'Mei-Ling' }).first().click()
  await page.getByText('Sell a package').click()
  await page.getByRole('button', { name: 'Sell it' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'The package is theirs' })).toBeVisible()
  const client = page.url().replace(/[?#].*$/, '')

  await become(page, 'Mei-Ling')
  await page.goto('/portal/bills')
  const owed = page.getByRole('region', { name: 'To pay' }).getByRole('listitem').filter({ hasText: 'sessions' })
  await expect(owed).toBeVisible()
  await expectAccessible(page, 'a package to pay')
  await expectNoSidewaysScroll(page)
  await payByCard(page).last().click()
  await card(page).fill(good)
  await pay(page).click()
  await expect(page).toHaveURL(/\/portal\/packages\/[0-9a-f-]+\/paid$/)
  await expect(async () => {
    await page.reload()
    await expect(page.getByRole('heading', { level: 1, name: 'Thank you' })).toBeVisible({ timeout: 500 })
  }).toPass()
  await expectAccessible(page, 'after paying a package')
  await page.getByRole('link', { name: 'Your bills' }).click()
  await expect(owed).toHaveCount(0)
  await page.getByRole('row').filter({ hasText: 'Receipt' }).first().getByRole('link').click()
  await expect(page.getByRole('main')).toContainText(/Package of \d+ appointments/)

  await become(page, 'Ada')
  await page.goto(client)
  const packages = page.locator('#packages')
  await packages.getByText('Take it back').first().click()
  await expectAccessible(page, 'taking a package back')
  await packages.getByLabel('Why, for the records of the practice').first().fill('They move to another town')
  await packages.getByRole('button', { name: 'Take it back' }).first().click()
  await expect(page.getByRole('status').filter({ hasText: 'It is taken back' })).toBeVisible()
  await expect(packages.getByText(/^\d+ taken back$/)).toBeVisible()
  await expect(page.locator('#account')).toContainText('paid ahead')
})

test('a therapist lets go of what is open, with a reason', async ({ page, watch }) => {
  watch.expect(/422/)
  await become(page, 'Ada')
  await page.goto('/admin/payments?show=overdue')
  const before = await page.getByRole('link', { name: /^Let go of what / }).count()
  await page.getByRole('link', { name: /^Let go of what / }).first().click()
  await expect(page.getByRole('heading', { level: 1, name: 'Let it go' })).toBeVisible()
  await expectAccessible(page, 'letting go')
  await page.getByLabel(/^Why/).fill(' ')
  await page.getByRole('button', { name: 'Let it go' }).click()
  await expect(page.getByRole('alert')).toContainText('Say why')
  await expectAccessible(page, 'letting go without a reason')
  await page.getByLabel(/^Why/).fill('A hard month')
  await page.getByRole('button', { name: 'Let it go' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'It is let go' })).toBeVisible()
  await page.goto('/admin/payments?show=overdue')
  await expect(page.getByRole('link', { name: /^Let go of what / })).toHaveCount(before - 1)
})
