"""What people see: Chinese words, cards, pages with cells outlined."""
