from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    PREFIX: str = "/api"


settings = Settings()
