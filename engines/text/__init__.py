"""What every engine may build on: sentences and numbers of running text in English and French."""
