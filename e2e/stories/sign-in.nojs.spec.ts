import { expect, test } from '../support/practice.ts'
import { shown } from '../support/authenticator.ts'
import { askForMail, code, codeIn, signIn, signInByMail, signInLink, signInMail } from '../support/people.ts'

test.use({ alone: true })

test('a client signs in with six digits; the link says why it cannot help', async ({ page, mailbox }) => {
  const client = 'mei.ling.chen@example.org'
  await askForMail(page, client)
  const mail = await signInMail(mailbox, client)
  await page.goto(signInLink(mail))
  await expect(page.locator('noscript p')).toHaveText(/^Links need scripts, which are switched off here\./)
  await expect(page.locator('noscript p')).toBeVisible()
  await expect(signIn(page)).toBeHidden()
  await page.getByRole('link', { name: 'type the six digits' }).click()
  await code(page).fill(codeIn(mail))
  await signIn(page).click()
  await expect(page).toHaveURL(/\/portal$/)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.goto('/portal')
  await expect(page).toHaveURL(/\/sign-in$/)
})

test('a therapist sets up her second factor', async ({ page, mailbox, clock }) => {
  await signInByMail(page, mailbox, 'samir@lindqvist.example')
  const key = (await page.locator('dt:text-is("Key") + dd').innerText()).trim()
  await page.getByLabel('Six-digit code').fill(shown(key, await clock.now()))
  await page.getByRole('button', { name: 'Confirm' }).click()
  await expect(page.getByRole('heading', { name: 'Keep these on paper' })).toBeVisible()
  await page.getByRole('link', { name: 'I have written them down' }).click()
  await expect(page).toHaveURL(/\/admin$/)
})
