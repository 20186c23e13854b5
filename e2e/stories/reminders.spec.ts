import { expect, stranger, test } from '../support/practice.ts'
import { expectAccessible } from '../support/axe.ts'
import { linkIn } from '../support/mailbox.ts'
import { become, bookedCall } from '../support/people.ts'

// Days pass in it.
test.use({ alone: true, timezoneId: 'Europe/London' })

test('a reminder is read, its link changes nothing, its button confirms', async ({ page, request, mailbox, clock }) => {
  test.slow()
  const visitor = stranger('Nell Yorke')
  // Two days ahead, so that at least one reminder falls into waking hours.
  const end = await bookedCall(request, visitor, 'Ada Lindqvist', 3)
  await clock.pastSecondThoughts()
  await mailbox.first(visitor.email, ({ subject }) => subject.startsWith('Your appointment on'))

  // A day before there is a reminder, in words that say nothing.
  await clock.past(end, -20 - 23 * 60)
  const reminder = await mailbox.first(visitor.email, ({ subject }) => subject.startsWith('A reminder'))
  expect(reminder.text).not.toMatch(/therap|discovery|Nell|Ada/i)

  const link = linkIn(reminder, '/manage/[^/\\s]+/confirm')
  await page.goto(link)
  await expect(page.getByRole('heading', { level: 1, name: 'Will you be there?' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('button', { name: 'I will be there' })).toBeVisible()
  await page.getByRole('button', { name: 'I will be there' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Thank you. See you then.' })).toBeVisible()

  await become(page, 'Ada')
  await page.goto('/admin/reminders')
  await expect(page.getByRole('row', { name: new RegExp(visitor.name) }).first()).toContainText('Will come')
})

test('a time that is kept is taken, and the session moves there', async ({ page }) => {
  await become(page, 'Mei-Ling')
  // It comes before everything else.
  const offer = page.getByRole('region', { name: 'A time is kept for you' })
  await expect(offer.getByRole('button', { name: 'Take this time' })).toBeVisible()
  await expectAccessible(page, 'a time that is kept')
  await page.goto('/portal/waitlist')
  const when = await offer.locator('time').innerText()
  await offer.getByRole('button', { name: 'Take this time' }).click()
  await expect(page.getByRole('status')).toContainText('It is yours')
  await expect(page.getByRole('region', { name: 'A time is kept for you' })).toHaveCount(0)
  await page.goto('/portal')
  await expect(page.getByRole('main')).toContainText(when.split(', ')[0]!.replace(/^\w+ /, ''))
})

test('nothing suits, so somebody asks, and the practice finds a time', async ({ page }) => {
  await page.goto('/book/discovery-call')
  await page.getByRole('link', { name: 'Ask us for a time' }).first().click()
  const asker = stranger('Ines Pardo')
  await page.getByLabel('Tuesdays').check()
  await page.getByLabel('Your name').fill(asker.name)
  await page.getByLabel('Email').fill(asker.email)
  await page.getByLabel('Phone').fill(asker.phone)
  await page.getByRole('button', { name: 'Ask for a time' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Thank you for asking' })).toBeVisible()

  await become(page, 'Ada')
  await page.goto('/admin/requests')
  const request = page.getByRole('article').filter({ hasText: asker.name })
  await request.getByRole('radio').first().check()
  await request.getByRole('button', { name: 'Propose it' }).click()
  await expect(page.getByRole('status')).toContainText('Accepted')
})

test('whoever has waited for a month is asked, and says so with one press', async ({ page, mailbox, clock }) => {
  test.slow()
  await become(page, 'Callum')
  await page.goto('/portal/waitlist')
  await page.getByLabel('What would you like?').selectOption({ index: -1 + (await page.getByLabel('What would you like?').getByRole('option').count()) })
  await page.getByRole('button', { name: 'Put me on the list' }).click()
  await expect(page.getByRole('status')).toContainText('You are on the list')
  await expect(page.getByRole('main')).toContainText(/waits? for times like these/)
  await clock.forward(29 * 24 * 60)
  await clock.forward(24 * 60)
  const mail = await mailbox.first('callum.reid@example.org', ({ subject }) => subject === 'Are you still waiting for a time?')
  expect(mail.text).not.toMatch(/therap|session|Callum/i)

  // So long after, the browser has to sign in again.
  await become(page, 'Callum')
  await page.goto('/portal/waitlist')
  await expect(page.getByRole('region', { name: 'Are you still waiting?' })).toBeVisible()
  await expectAccessible(page, 'the question in the portal')
  await page.goto(linkIn(mail, '/waiting/'))
  await expect(page.getByRole('heading', { level: 1, name: 'Are you still waiting?' })).toBeVisible()
  await expectAccessible(page, 'the mailed question')
  await page.getByRole('button', { name: 'Yes, I am still waiting' }).click()
  await expect(page.getByRole('status')).toContainText('You stay on the list')
  await page.goto('/portal/waitlist')
  await expect(page.getByRole('region', { name: 'Are you still waiting?' })).toHaveCount(0)
})
